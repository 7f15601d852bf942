/** Which of `offered` an `Accept` header asks for: by its weights, then by the order of `offered`. Null: none of them. */
export function acceptedForm<Form extends string>(accept: string | undefined, offered: readonly Form[]): Form | null {
  if (accept === undefined || accept.trim() === '') return offered[0] ?? null
  let best: { readonly form: Form; readonly weight: number } | null = null
  for (const form of offered) {
    const weight = weightOf(form, accept)
    if (weight > (best?.weight ?? 0)) best = { form, weight }
  }
  return best?.form ?? null
}

function weightOf(form: string, accept: string): number {
  const [kind] = form.split('/')
  let found: { readonly precision: number; readonly weight: number } | null = null
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const precision = [`*/*`, `${kind}/*`, form].indexOf(type)
    if (precision < (found?.precision ?? 0)) continue
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
    const weight = quality === undefined ? 1 : Number(quality)
    found = { precision, weight: Number.isFinite(weight) ? weight : 0 }
  }
  return found?.weight ?? 0
}
