// A thousand datagrams of a kilobyte a second; one that is lost counts as a time-out.
import { createSocket } from 'node:dgram'
import { openLoop } from '../open-loop.mjs'

const waiting = new Map()
const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 })
socket.on('message', (message) => waiting.get(message.readUInt32LE(0))?.())
await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve))
let id = 0
await openLoop({ perSecond: 1000, seconds: 5, limitMs: 1000 }, (answered) => {
  const message = Buffer.alloc(1000)
  message.writeUInt32LE(id)
  waiting.set(id++, answered)
  socket.send(message, 7812, '127.0.0.1')
})
