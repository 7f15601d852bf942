import { startShell } from './electron/shell.ts'

const isVerbose = process.argv.includes('--verbose')

startShell({
  programArguments: process.argv.slice(1),
  environment: process.env,
  // For what happens before the library, and with it the log file, is open.
  log: { ...console, verbose: (message) => void (isVerbose && console.info(message)) },
  open: async (surroundings) => {
    // Loaded only now: the databases' native code would keep the window from painting.
    const [{ compose }, { runForTerminal }] = await Promise.all([
      import('./compose.ts'),
      import('../cli/run-for-terminal.ts'),
    ])
    return compose({
      ...surroundings,
      environment: process.env,
      isVerbose,
      isTerminal: isVerbose,
      isResident: true,
      runCommandLine: runForTerminal,
    })
  },
})
