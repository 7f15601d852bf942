/** UTF-8 bytes; file systems allow 255, and the reader may want to add something. */
const mostBytes = 150
/** Names that Windows gives to devices, with any ending. */
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i
// Separators and what Windows forbids; controls; marks that turn the direction of what is shown.
const forbidden = /[/\\:*?"<>|\p{Cc}\p{Cs}\p{Co}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

/** A file name for a conversation, from its title: valid on every system, in no other folder, never hidden, ending in `.` and `ending`. */
export function exportFileName(title: string, ending: string): string {
  const plain = title
    .normalize('NFC')
    .replace(forbidden, ' ')
    .replace(/\s+/gu, ' ')
    .replace(/^[\s.-]+/u, '')
  const encoder = new TextEncoder()
  let name = ''
  let bytes = 0
  for (const character of plain) {
    bytes += encoder.encode(character).length
    if (bytes > mostBytes) break
    name += character
  }
  const trimmed = name.replace(/[\s.]+$/u, '')
  if (trimmed === '') return `conversation.${ending}`
  return deviceName.test(trimmed) ? `conversation ${trimmed}.${ending}` : `${trimmed}.${ending}`
}
