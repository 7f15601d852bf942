/**
 * What a worker inherits: the system's own places and the locale (without a UTF-8 one, file names in Chinese are lost).
 * Proxies, tokens and the switches of other libraries stay outside.
 */
const inheritedNames = [
  'APPDATA',
  'HOME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'LOCALAPPDATA',
  'PATH',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'TMPDIR',
  'TZ',
  'USERPROFILE',
  'WINDIR',
]

/** The part of `environment` that workers may see; names are compared without case, as Windows does. */
export function workerEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const inherited: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && inheritedNames.includes(name.toUpperCase())) inherited[name] = value
  }
  return inherited
}
