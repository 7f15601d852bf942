import type { CommandLine } from 'electron'

/**
 * Chromium asks for a name at start even with everything off, so names are answered here: nothing but loopback
 * resolves, and the rules hold for literal addresses too.
 */
export const resolverRules = 'MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE [::1], EXCLUDE localhost'

const quietSwitches = [
  'disable-background-networking',
  'disable-breakpad',
  'disable-client-side-phishing-detection',
  'disable-component-update',
  'disable-default-apps',
  'disable-domain-reliability',
  'disable-field-trial-config',
  'disable-sync',
  'metrics-recording-only',
  'no-first-run',
  'no-pings',
  'no-proxy-server',
]

const quietFeatures = [
  'AsyncDns',
  'AutofillServerCommunication',
  'CertificateTransparencyComponentUpdater',
  'DialMediaRouteProvider',
  'DnsOverHttps',
  'InterestFeedContentSuggestions',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationGuideModelDownloading',
  'OptimizationHints',
  'OptimizationHintsFetching',
  'PreconnectToSearch',
  'Translate',
  'WebRtcHideLocalIpsWithMdns',
]

/** Keeps Chromium from opening any connection of its own. Must run before the app is ready. */
export function applyStartSwitches(commandLine: CommandLine): void {
  commandLine.appendSwitch('host-resolver-rules', resolverRules)
  for (const name of quietSwitches) commandLine.appendSwitch(name)
  // A later switch of the same name would replace the list that somebody gave, so theirs is kept in ours.
  const given = commandLine.getSwitchValue('disable-features')
  commandLine.appendSwitch('disable-features', [...(given === '' ? [] : [given]), ...quietFeatures].join(','))
}
