/** A shortcut as this platform writes it: `⌘K` on a Mac, `Ctrl K` elsewhere. */
export function shortcutText(key: string, platform: string): string {
  return platform === 'darwin' ? `⌘${key}` : `Ctrl ${key}`
}
