const MAX_NAME = 1_024;
const MAX_GROUPS = 1_000;

/** What would not show in a log or an answer, or show as something else: controls, line ends, half characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** True for a text that may name a user or a group. */
export function isKnownName(text: unknown): text is string {
  return (
    typeof text === 'string' && text !== '' && text.length <= MAX_NAME && text.trim() === text && !UNSEEN.test(text)
  );
}

/** True for a list of names. */
export function areKnownNames(texts: unknown): texts is readonly string[] {
  return Array.isArray(texts) && texts.length <= MAX_GROUPS && texts.every(isKnownName);
}
