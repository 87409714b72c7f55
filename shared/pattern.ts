/** Which names a pattern means. @see docs/protocol.md#list */

/** A test for names: `*` stands for any characters and `?` for one, and then the whole name must match; a pattern
 *  without either is a part of the name. Case does not count. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const key = pattern.toLowerCase();
  if (!/[*?]/.test(key)) return (name) => name.toLowerCase().includes(key);
  const glob = key.replace(/\*+/g, '*');
  return (name) => matchesWhole(name.toLowerCase(), glob);
}

/** A regular expression would try every way to share the name among the stars, and one request could keep the server
 *  busy for minutes. Only the last star ever needs another try: what an earlier one took is settled. */
function matchesWhole(name: string, glob: string): boolean {
  let read = 0;
  let matched = 0;
  let afterStar = -1;
  let starEnd = 0;
  while (matched < name.length) {
    const wanted = glob[read];
    if (wanted === '*') {
      read += 1;
      afterStar = read;
      starEnd = matched;
    } else if (wanted === '?' || wanted === name[matched]) {
      read += 1;
      matched += 1;
    } else if (afterStar !== -1) {
      starEnd += 1;
      matched = starEnd;
      read = afterStar;
    } else {
      return false;
    }
  }
  return read === glob.length || glob.slice(read) === '*';
}
