/** Text from outside, made fit for a line that a terminal shows or a file holds. */

/** `text` with every control character, line end and bidirectional override replaced by `?`. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that must go
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '?');
}
