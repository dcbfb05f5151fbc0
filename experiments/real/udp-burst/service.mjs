// Answers datagrams, and is busy for 40 ms of every 200: what comes meanwhile waits in the socket's buffer, or is lost.
import { createSocket } from 'node:dgram'

const socket = createSocket('udp4')
socket.on('message', (message, { port, address }) => socket.send(message, port, address))
socket.bind(7812, '127.0.0.1')
setInterval(() => {
  const end = performance.now() + 40
  while (performance.now() < end);
}, 200)
