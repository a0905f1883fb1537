/** A line on stderr that tells how far a command is, for as long as it is under way. */
export interface Progress {
  tell(text: string): void;
  /** Takes the line away. */
  done(): void;
}

/** Tells on a terminal only: in a log it would be noise. */
export function progress(): Progress {
  if (!process.stderr.isTTY) return { tell() {}, done() {} };
  const clear = () => {
    process.stderr.cursorTo(0);
    process.stderr.clearLine(1);
  };
  return {
    tell(text) {
      clear();
      process.stderr.write(`${text} …`);
    },
    done: clear,
  };
}
