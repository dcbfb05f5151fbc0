// A new connection for each request.
import { connect } from 'node:net'
import { openLoop } from '../open-loop.mjs'

await openLoop({ perSecond: 1500, seconds: 5, limitMs: 8000 }, (answered, failed) => {
  const socket = connect(7810, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'))
  socket.on('error', failed)
  socket.once('data', () => {
    answered()
    // Without a reset, thousands of sockets would stay in TIME_WAIT.
    socket.resetAndDestroy()
  })
})
