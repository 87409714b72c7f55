/** A file that a setting names and that cannot be read, in one line. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** The text of the file at `path`, which `flag` has named.
 *  @param readFile throws as `fs.readFileSync` does
 *  @throws FileError */
export function readNamed(readFile: (path: string) => string, flag: string, path: string): string {
  try {
    return readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new FileError(`--${flag}: cannot read ${path}: ${reasons[code] ?? code}`, { cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};
