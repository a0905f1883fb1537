/**
 * Schemes that name the same store, by the beginnings of URIs; an absolute path is a file. Longer ones stand before those
 * that begin them.
 */
const ALIASES: readonly (readonly string[])[] = [
  ['s3://', 's3a://', 's3n://'],
  ['gs://', 'gcs://'],
  ['abfs://', 'abfss://'],
  ['wasb://', 'wasbs://'],
  ['dbfs:///', 'dbfs:/'],
  ['file:///', 'file://localhost/', 'file:/', '/'],
];

/**
 * All ways in which the URI of a file or folder may be written, at most 8; none for an empty one. They are those of each
 * of them: what is the same file as another is so from both ends.
 */
export function spellingsOf(uri: string): readonly string[] {
  if (uri === '') return [];
  const bare = withoutSlash(uri);
  const spelled = inAllSchemes(bare);
  return endsBare(bare) ? spelled.flatMap((each) => [each, `${each}/`]) : spelled;
}

/** The one spelling that stands for all of {@link spellingsOf}: URIs with the same one name the same file. */
export function fileKey(uri: string): string {
  return spellingsOf(uri)[0] ?? uri;
}

/** Of two slashes at the end, and of a root such as `s3://` or `/`, nothing is taken away. */
function withoutSlash(uri: string): string {
  const bare = uri.replace(/\/$/, '');
  return endsBare(bare) ? bare : uri;
}

/** Whether a slash behind it makes no other file of it. */
function endsBare(uri: string): boolean {
  return /[^/:]$/.test(uri);
}

function inAllSchemes(uri: string): readonly string[] {
  for (const schemes of ALIASES) {
    const own = schemes.find((scheme) => uri.startsWith(scheme));
    const path = own === undefined ? '' : uri.slice(own.length);
    // Behind a slash too many, the path of one scheme is the host of another.
    if (/^[^/]/.test(path)) return schemes.map((scheme) => scheme + path);
  }
  return [uri];
}
