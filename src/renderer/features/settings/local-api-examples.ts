/** What an example needs to run as it is. */
export interface ExampleFacts {
  readonly address: string
  readonly token: string
  readonly question: string
}

/** Examples to copy, by the name of their client. Names of programs are the same in every language. */
export const localApiExamples = {
  curl: ({ address, token, question }) =>
    [
      `curl -N ${address}/v1/answers \\`,
      `  -H 'Authorization: Bearer ${token}' \\`,
      "  -H 'Content-Type: application/json' -H 'Accept: text/plain' \\",
      `  -d '${JSON.stringify({ question })}'`,
    ].join('\n'),
  Python: ({ address, token, question }) =>
    [
      'import httpx',
      '',
      'with httpx.stream(',
      `    "POST", "${address}/v1/answers",`,
      `    headers={"Authorization": "Bearer ${token}", "Accept": "text/plain"},`,
      `    json={"question": ${JSON.stringify(question)}}, timeout=None,`,
      ') as response:',
      '    for text in response.iter_text():',
      '        print(text, end="", flush=True)',
    ].join('\n'),
  JavaScript: ({ address, token, question }) =>
    [
      `const response = await fetch('${address}/v1/answers', {`,
      "  method: 'POST',",
      `  headers: { authorization: 'Bearer ${token}', 'content-type': 'application/json', accept: 'text/plain' },`,
      `  body: JSON.stringify({ question: ${JSON.stringify(question)} }),`,
      '})',
      'for await (const text of response.body.pipeThrough(new TextDecoderStream())) process.stdout.write(text)',
    ].join('\n'),
  OpenAI: ({ address, token, question }) =>
    [
      'from openai import OpenAI',
      '',
      `client = OpenAI(base_url="${address}/v1", api_key="${token}")`,
      'stream = client.chat.completions.create(',
      '    model="carrel", stream=True,',
      `    messages=[{"role": "user", "content": ${JSON.stringify(question)}}],`,
      ')',
      'for chunk in stream:',
      '    print(chunk.choices[0].delta.content or "", end="", flush=True)',
    ].join('\n'),
  MCP: ({ address, token }) =>
    JSON.stringify(
      { mcpServers: { carrel: { url: `${address}/mcp`, headers: { Authorization: `Bearer ${token}` } } } },
      null,
      2,
    ),
} satisfies Record<string, (facts: ExampleFacts) => string>

export type ExampleName = keyof typeof localApiExamples
export const exampleNames = Object.keys(localApiExamples) as readonly ExampleName[]
