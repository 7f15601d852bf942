import { channel } from 'node:diagnostics_channel'
import { EventEmitter, once } from 'node:events'
import { createServer, connect, type AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, expect, it } from 'vitest'
import { isLoopbackAddress, watchConnections, type ConnectionWatch } from '../../../src/main/network-proof.ts'

let watch: ConnectionWatch | null = null
afterEach(() => watch?.stop())

async function connectTo(host: string): Promise<void> {
  const server = createServer((socket) => socket.end())
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  const socket = connect((server.address() as AddressInfo).port, host)
  await once(socket, 'connect')
  socket.destroy()
  server.close()
  await once(server, 'close')
}

const ownAddress = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find((address) => address.family === 'IPv4' && !address.internal)?.address

it('does not count loopback', async () => {
  watch = watchConnections()
  await connectTo('127.0.0.1')
  await connectTo('localhost')
  expect(watch.outside()).toBe(0)
})

it.skipIf(ownAddress === undefined)(
  'counts a real connection to an address that is not loopback (needs a network interface)',
  async () => {
    watch = watchConnections()
    const seen: number[] = []
    watch.onChange((outside) => seen.push(outside))
    // The computer's own address on its network: beyond loopback, yet nothing leaves.
    await connectTo(ownAddress ?? '')
    expect(watch.outside()).toBe(1)
    expect(seen).toEqual([1])
    watch.stop()
    await connectTo(ownAddress ?? '')
    expect(watch.outside()).toBe(1)
  },
)

it('counts a socket once, by its first attempt outside, also when it fails; a listener can leave', () => {
  watch = watchConnections()
  const seen: number[] = []
  const leave = watch.onChange((outside) => seen.push(outside))
  const publish = (...addresses: readonly string[]) => {
    const socket = new EventEmitter()
    channel('net.client.socket').publish({ socket })
    for (const address of addresses) socket.emit('connectionAttempt', address, 443, 4)
  }
  publish('::1', '2001:db8::1', '203.0.113.7')
  expect(watch.outside()).toBe(1)
  leave()
  publish('203.0.113.7')
  expect(watch.outside()).toBe(2)
  expect(seen).toEqual([1])
})

it('knows loopback addresses', () => {
  for (const address of ['127.0.0.1', '127.255.0.9', '::1', '::ffff:127.0.0.1'])
    expect(isLoopbackAddress(address)).toBe(true)
  for (const address of ['128.0.0.1', '10.0.0.1', '0.0.0.0', '::', 'fe80::1', '::ffff:8.8.8.8']) {
    expect(isLoopbackAddress(address)).toBe(false)
  }
})
