import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'

const attackSchema = z.object({ category: z.string(), text: z.string() })
const taskSchema = z.object({ context: z.string(), question: z.string(), ideal: z.string() })

export type InjectionAttack = z.infer<typeof attackSchema>
/** A document with a question that it answers, and the answer expected. */
export type InjectionTask = z.infer<typeof taskSchema>

/** The attacks of BIPIA's training part and the documents they are put into, in the order of the files. @param folder `bipia-train` */
export async function readInjectionData(
  folder: string,
): Promise<{ readonly attacks: readonly InjectionAttack[]; readonly tasks: readonly InjectionTask[] }> {
  const unpack = async (name: string): Promise<string> =>
    gunzipSync(await readFile(join(folder, name))).toString('utf8')
  const attacks = lines(await readFile(join(folder, 'attacks.jsonl'), 'utf8'), attackSchema)
  const tables = lines(await unpack('table.jsonl.gz'), taskSchema)
  const emails = lines(await unpack('email.jsonl.gz'), taskSchema)
  return { attacks, tasks: [...emails, ...tables] }
}

function lines<Row>(text: string, schema: z.ZodType<Row>): readonly Row[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => schema.parse(JSON.parse(line)))
}
