// The wire between hubs and homes: takes the packets of either side, loses some, and gives the others to the other side
// after a while. The kernel's own netem would do it too, where it is there.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { SeededRandom } from '@piecework/testkit/random'
import { HUB_END, STREET_END, type WireEnd } from './plan.ts'
import { type Carried, type Weather, weatherForm } from './weather.ts'

const random = new SeededRandom('wire')
let weather: Weather = { loss: 0, delayMs: 0 }
let [packets, lost] = [0, 0]

async function bound({ host, port }: WireEnd): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.bind(port, host)
  await once(socket, 'listening')
  return socket
}

function carry(from: Socket, to: Socket, { peer }: WireEnd): void {
  const pass = (packet: Buffer): void => to.send(packet, peer.port, peer.host)
  from.on('message', (packet: Buffer) => {
    packets += 1
    if (random.float() < weather.loss) lost += 1
    else if (weather.delayMs > 0) setTimeout(pass, weather.delayMs, packet)
    else pass(packet)
  })
}

const [hubs, homes] = await Promise.all([bound(HUB_END), bound(STREET_END)])
carry(hubs, homes, STREET_END)
carry(homes, hubs, HUB_END)
process.on('message', (message) => {
  weather = weatherForm.parse(message)
  tell()
})
tell()

function tell(): void {
  const carried: Carried = { packets, lost }
  ;[packets, lost] = [0, 0]
  process.send?.(carried)
}
