import { randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const tokenPattern = /^[A-Za-z0-9_-]{43}$/

/** The token of this data folder: 256 random bits, made once, readable by its owner only. It outlives restarts, so that scripts keep working. */
export async function readApiToken(dataFolder: string): Promise<string> {
  const file = join(dataFolder, 'local-api.token')
  const stored = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  if (tokenPattern.test(stored.trim())) return stored.trim()
  const token = randomBytes(32).toString('base64url')
  await using handle = await open(file, 'w', 0o600)
  await handle.chmod(0o600)
  await handle.writeFile(`${token}\n`)
  return token
}
