// Answers one byte and closes.
import { createServer } from 'node:net'

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy())
  socket.once('data', (data) => socket.end(data))
})
server.listen(7813, '0.0.0.0', 4096)
