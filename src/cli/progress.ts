import { readEnvironment } from '../config.ts';

/** A line on stderr that tells how far a command is, for as long as it is under way. */
export interface Progress {
  tell(text: string): void;
  /** Takes the line away. */
  done(): void;
}

/** Tells on a terminal only, one that can take a line away again: in a log it would be noise. */
export function progress(): Progress {
  if (!process.stderr.isTTY || readEnvironment().dumbTerminal) return { tell() {}, done() {} };
  let told = false;
  const clear = () => {
    process.stderr.cursorTo(0);
    process.stderr.clearLine(1);
  };
  return {
    tell(text) {
      if (told) clear();
      told = true;
      process.stderr.write(`${text} …`);
    },
    done() {
      if (told) clear();
      told = false;
    },
  };
}
