import { access } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** Whether Ollama is on this computer: on PATH or where its installers put it. Looks at names only, runs nothing. */
export async function isOllamaInstalled(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  const program = platform === 'win32' ? 'ollama.exe' : 'ollama'
  const folders = (environment['PATH'] ?? environment['Path'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const places = [...folders.map((folder) => join(folder, program)), ...installPlaces(environment, platform)]
  const isThere = await Promise.all(
    places.map((place) =>
      access(place).then(
        () => true,
        () => false,
      ),
    ),
  )
  return isThere.includes(true)
}

function installPlaces(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): readonly string[] {
  if (platform === 'darwin')
    return [
      '/Applications/Ollama.app',
      join(homedir(), 'Applications', 'Ollama.app'),
      '/opt/homebrew/bin/ollama',
      '/usr/local/bin/ollama',
    ]
  if (platform === 'win32') {
    return [
      join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Programs', 'Ollama', 'ollama.exe'),
    ]
  }
  return ['/usr/local/bin/ollama', '/usr/bin/ollama', '/snap/bin/ollama']
}
