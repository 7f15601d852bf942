import { createHash } from 'node:crypto'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** The shortest limit of the systems we know is 104 bytes, the final zero included. */
const longestPathBytes = 100

/** Where the app of this data folder listens for its own command line. `folder` null: a named pipe, in no folder. */
export interface SocketPlace {
  readonly path: string
  readonly folder: string | null
}

/** In the data folder; where that path is too long for a socket, in a folder of the owner's in the system's temporary one. */
export function socketPlace(dataFolder: string, platform: NodeJS.Platform = process.platform): SocketPlace {
  const name = createHash('sha256').update(dataFolder).digest('hex').slice(0, 24)
  if (platform === 'win32') return { path: `\\\\.\\pipe\\carrel-${name}`, folder: null }
  const inData = join(dataFolder, 'run')
  const folder =
    Buffer.byteLength(join(inData, 'carrel.sock')) <= longestPathBytes
      ? inData
      : join(tmpdir(), `carrel-${userInfo().uid}-${name}`)
  return { path: join(folder, 'carrel.sock'), folder }
}
