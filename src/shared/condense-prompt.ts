/**
 * The built-in prompt that makes a follow-up stand alone; Settings shows it and lets a person write their own. Its beginning
 * never varies, so that the server's prompt cache holds it.
 */
export const defaultCondensePrompt = `Rewrite the last question of a conversation so that it can be understood without the conversation.
Put in the names, things and dates that words like "it", "they", "that one" or "there" stand for.
Keep every name and number of the last question, and keep its language. Add nothing that was not said.
If the last question can already be understood alone, repeat it unchanged.
Write only the rewritten question, on one line. Do not answer it.

Conversation:
{history}

Last question: {question}
Rewritten question:`

/** Characters: a longer prompt would cost more than what it helps to find. */
export const longestCondensePrompt = 4000

/** What is wrong with a person's own prompt; null: it can be used. */
export type CondensePromptProblem = 'no-history' | 'no-question' | 'too-long'

/** Checks a person's own prompt: it must say where the conversation and the question go. */
export function condensePromptProblem(prompt: string): CondensePromptProblem | null {
  if (prompt.length > longestCondensePrompt) return 'too-long'
  if (!prompt.includes('{history}')) return 'no-history'
  if (!prompt.includes('{question}')) return 'no-question'
  return null
}

/** Puts conversation and question in their places, once: braces inside them stay text. */
export function fillCondensePrompt(
  prompt: string,
  parts: { readonly history: string; readonly question: string },
): string {
  return prompt.replaceAll(/\{(history|question)\}/g, (_place, name: 'history' | 'question') => parts[name])
}
