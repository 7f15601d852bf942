import { cp, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFolder } from './run-carrel.ts'

/** An embedder on board as it would come from elsewhere: its files under another name, its use in configuration files. */
export async function makeEmbedderFolder(
  parent: string,
  options: {
    readonly of?: 'all-MiniLM-L6-v2' | 'bge-small-zh-v1.5'
    readonly name?: string
    /** Further files, or others in their place; null: left out. */
    readonly files?: Readonly<Record<string, string | null>>
  } = {},
): Promise<string> {
  const { of = 'all-MiniLM-L6-v2', name = 'borrowed-embedder' } = options
  const folder = join(parent, name)
  await cp(join(projectFolder, 'resources', 'models', of), folder, { recursive: true })
  const files: Record<string, string | null> = {
    '1_Pooling/config.json': JSON.stringify({
      pooling_mode_cls_token: of !== 'all-MiniLM-L6-v2',
      pooling_mode_mean_tokens: of === 'all-MiniLM-L6-v2',
    }),
    'sentence_bert_config.json': JSON.stringify({ max_seq_length: 256 }),
    'config_sentence_transformers.json': JSON.stringify({ prompts: { query: 'query: ', passage: 'passage: ' } }),
    'README.md': '---\nlanguage:\n- en\n- de\n---\n# A model\n',
    ...options.files,
  }
  for (const [file, content] of Object.entries(files)) {
    const path = join(folder, file)
    await mkdir(join(path, '..'), { recursive: true })
    if (content === null) await rename(path, `${folder}-${file.replaceAll('/', '-')}`).catch(() => undefined)
    else await writeFile(path, content)
  }
  return folder
}
