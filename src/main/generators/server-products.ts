/** Where each program listens when nobody said otherwise, in the order of looking. Nothing else is ever tried. */
export const usualPlaces: readonly { readonly address: string; readonly isOllama: boolean }[] = [
  { address: 'http://127.0.0.1:11434', isOllama: true },
  { address: 'http://[::1]:11434', isOllama: true },
  ...[1234, 8080, 8000].flatMap((port) =>
    ['127.0.0.1', '[::1]'].map((host) => ({ address: `http://${host}:${port}`, isOllama: false })),
  ),
]

/** Owners that stand for other people's computers: a relay on this one lists its models under their names. */
const cloudOwners =
  /^(openai|anthropic|google|vertex|gemini|azure|bedrock|amazon|mistral|cohere|groq|deepseek|openrouter|together|fireworks|xai)\b/i

/** True when a model is listed as the property of a service elsewhere. */
export function isCloudOwner(owner: string | null | undefined): boolean {
  return owner != null && cloudOwners.test(owner)
}
