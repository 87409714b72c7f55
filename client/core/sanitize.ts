/** Makes text from outside harmless to a terminal: nothing in it moves the cursor, changes a title, a colour or the
 *  clipboard, asks the terminal to answer, or turns the reading direction of what stands beside it. */

/** Control strings with what they carry: device control, start of string, operating system command, privacy message,
 *  application program command. They end with ST, the OSC also with BEL; one that does not end is left to the removal
 *  of single characters. A control inside ends it too, so that no two of them can hide what stands between. */
const controlStrings =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  /(?:\x1b[PX\]^_]|[\x90\x98\x9d-\x9f])[^\x00-\x08\x0a-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c)/g;

/** CSI with its parameters, and the short sequences of ESC. */
const sequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[ -/]+[0-~]|\x1b[0-Z\\^-~]/g;

/** What no terminal shows: C0 but the line feed, DEL and C1. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const controls = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/g;

/** Overrides and isolates of the reading direction, the marks that do the same to a single place, and the separators
 *  that some terminals take for a line's end. */
const directions = /[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** What is neither seen nor of use in a name: spaces of all kinds, joiners, tags, the mark of byte order. */
const invisible = /[\s\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** A body: line breaks stay, as `\n` alone; a tab becomes spaces. */
export function sanitizeBody(body: string): string {
  return withoutSequences(body)
    .replace(/\r\n?/g, '\n')
    .replaceAll('\t', '    ')
    .replace(controls, '')
    .replace(directions, '');
}

/** A sentence of one line: line breaks become spaces. */
export function sanitizeLine(text: string): string {
  return sanitizeBody(text).replaceAll('\n', ' ');
}

/** A name, which holds no spaces and nothing that cannot be seen. One of which nothing is left becomes `?`. */
export function sanitizeName(name: string): string {
  return withoutSequences(name).replace(controls, '').replace(directions, '').replace(invisible, '') || '?';
}

/** Removing a sequence may join the halves of another one. What is left of these holds no ESC after the controls were
 *  removed, so it is plain text then. */
function withoutSequences(text: string): string {
  return text.replace(controlStrings, '').replace(sequences, '');
}
