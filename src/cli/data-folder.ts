import { join } from 'node:path'

/** Where the app keeps its library by default: the same folder Electron calls `appData`, plus `carrel`. */
export function defaultDataFolder(
  platform: NodeJS.Platform,
  home: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'carrel')
  if (platform === 'win32') return join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'carrel')
  return join(environment['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'carrel')
}
