import { expect, test } from '@playwright/test'
import { join } from 'node:path'
import { startRecordingModelServer } from '../support/recording-model-server.ts'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, fillMixedFolder, waitUntilReady } from './support/library.ts'
import { canTrace, readOutsideCalls, reachesOutside, writeTracingLauncher } from './support/network-trace.ts'

test('the filter of the trace sees what it is for', () => {
  const outside = [
    '1 connect(5<TCP:[1]>, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("93.184.216.34")}, 16) = 0',
    '1 connect(5<UDPv6:[1]>, {sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
    '1 sendto(5<UDP:[10.0.0.2:1->8.8.8.8:53]>, ""..., 40, 0, NULL, 0) = 40',
    '1 sendmsg(5<UDP:[1]>, {msg_name={sa_family=AF_INET, sin_port=htons(5353), sin_addr=inet_addr("224.0.0.251")}, msg_namelen=16}, 0) = 1',
    '1 sendto(5<TCPv6:[[2001:db8::2]:1->[2001:db8::1]:443]>, ""..., 40, 0, NULL, 0) = 40',
  ]
  const inside = [
    '1 connect(5<TCP:[1]>, {sa_family=AF_INET, sin_port=htons(11434), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
    '1 connect(5<TCPv6:[1]>, {sa_family=AF_INET6, sin6_port=htons(11434), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = -1',
    '1 sendto(5<TCP:[127.0.0.1:1->127.0.0.1:2]>, ""..., 1, 0, NULL, 0) = 1',
    '1 connect(5<UNIX-STREAM:[1]>, {sa_family=AF_UNIX, sun_path="/tmp/.X11-unix/X99"}, 20) = 0',
    '1 sendto(5<NETLINK:[ROUTE:1]>, ""..., 17, 0, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 17',
  ]
  expect(outside.filter((line) => !reachesOutside(line))).toEqual([])
  expect(inside.filter(reachesOutside)).toEqual([])
})

test('a whole session opens no connection beyond loopback and sends nothing there', async () => {
  test.skip(!canTrace(), 'strace is not here (or may not trace), so the calls of the process tree cannot be seen')
  test.setTimeout(300_000)
  await using folder = await makeFolder('carrel-trace-')
  await using files = await makeFolder('carrel-files-')
  await using server = await startRecordingModelServer({ answer: { tokens: ['Traced ', '[1]', '.'], gapMs: 1 } })
  const traceFile = join(folder.path, 'trace.txt')
  {
    await using app = await launchCarrel({
      ollamaHost: server.url,
      executablePath: await writeTracingLauncher(folder.path, traceFile),
    })
    const count = await fillMixedFolder(files.path)
    await dropFiles(app.page, [files.path])
    await waitUntilReady(app.page, count)
    await ask(app.page, 'How much is the monthly base rent from February 2024?')
    await expect(app.page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
    await app.quit()
  }
  const { lines, outside } = await readOutsideCalls(traceFile)
  expect(lines, 'the trace is empty').toBeGreaterThan(100)
  expect(outside).toEqual([])
  // The answer, and before it the question's translation: the documents are in two languages.
  expect(server.chats.length).toBeGreaterThan(0)
})
