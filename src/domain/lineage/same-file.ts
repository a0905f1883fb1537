/** Schemes that name the same store, by the beginnings of URIs; an absolute path is a file. */
const ALIASES: readonly (readonly string[])[] = [
  ['s3://', 's3a://', 's3n://'],
  ['gs://', 'gcs://'],
  ['abfs://', 'abfss://'],
  ['wasb://', 'wasbs://'],
  ['dbfs:///', 'dbfs:/'],
  ['file:///', 'file://localhost/', 'file:/', '/'],
];

/** Ways to write one URI, at most. */
const MAX_SPELLINGS = 8;

/** All ways in which the URI of a file or folder may be written, itself first; at most 8, none for an empty one. */
export function spellingsOf(uri: string): readonly string[] {
  if (uri === '') return [];
  const spelled = inAllSchemes(withoutSlash(uri)).flatMap((each) => [each, `${each}/`]);
  return [...new Set([uri, ...spelled])].slice(0, MAX_SPELLINGS);
}

/** The one spelling that stands for all of {@link spellingsOf}: URIs with the same one name the same file. */
export function fileKey(uri: string): string {
  return inAllSchemes(withoutSlash(uri))[0] ?? uri;
}

/** Of a bare root, such as `s3://` or `/`, nothing is taken away. */
function withoutSlash(uri: string): string {
  const bare = uri.replace(/\/+$/, '');
  return bare === '' || bare.endsWith(':') ? uri : bare;
}

function inAllSchemes(uri: string): readonly string[] {
  const lower = uri.toLowerCase();
  for (const schemes of ALIASES) {
    // In their order: `file:/` begins `file:///` too.
    const own = schemes.find((scheme) => lower.startsWith(scheme));
    if (own !== undefined) return schemes.map((scheme) => scheme + uri.slice(own.length));
  }
  return [uri];
}
