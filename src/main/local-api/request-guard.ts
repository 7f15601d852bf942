import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../shared/errors.ts'

/** What a request says of who sends it, from its headers. */
export interface RequestFacts {
  readonly host: string | undefined
  readonly origin: string | undefined
  /** `Sec-Fetch-Site`: what a browser says of the page behind the request. */
  readonly fetchSite: string | undefined
  readonly authorization: string | undefined
}

/** A refusal, with its HTTP status. */
export interface Refusal {
  readonly status: 401 | 403
  readonly error: AppError
}

export interface GuardRules {
  readonly port: number
  readonly token: string
  /** Origins of pages whose requests are let through; empty by default. */
  readonly allowedOrigins: readonly string[]
}

/**
 * Whether this request comes from this computer, and from no page that a browser loaded elsewhere. A name that was made to
 * point here (DNS rebinding) shows in `Host`, a page from the web in `Origin` or `Sec-Fetch-Site`.
 * @returns null: let it through.
 */
export function refuseForeign(facts: RequestFacts, rules: Pick<GuardRules, 'port' | 'allowedOrigins'>): Refusal | null {
  if (!isOwnHost(facts.host, rules.port)) {
    return forbidden('Carrel answers only under its own address on this computer. Use the address shown in Settings.')
  }
  if (facts.origin !== undefined) {
    return rules.allowedOrigins.includes(facts.origin)
      ? null
      : forbidden('Pages in a browser are not let in. Allow the address of this page in Settings if it is yours.')
  }
  return facts.fetchSite === 'cross-site' || facts.fetchSite === 'same-site'
    ? forbidden('Pages in a browser are not let in. Allow the address of this page in Settings if it is yours.')
    : null
}

/** Whether the token of this request is the right one, compared in constant time. @returns null: it is. */
export function refuseStranger(facts: Pick<RequestFacts, 'authorization'>, token: string): Refusal | null {
  const given = /^Bearer +(\S+)$/i.exec(facts.authorization ?? '')?.[1]
  // Digests are of equal length, whatever was sent: neither length nor content shows in the time this takes.
  if (given !== undefined && timingSafeEqual(digest(given), digest(token))) return null
  return {
    status: 401,
    error: new AppError(
      'forbidden',
      'This request carries no valid token. Send the one from Settings as "Authorization: Bearer TOKEN".',
    ),
  }
}

function isOwnHost(host: string | undefined, port: number): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].some((name) => host?.toLowerCase() === `${name}:${port}`)
}

function forbidden(message: string): Refusal {
  return { status: 403, error: new AppError('forbidden', message) }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
