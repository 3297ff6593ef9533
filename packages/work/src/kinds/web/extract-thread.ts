// The thread in which pages are read, one after the other.
import { parentPort } from 'node:worker_threads'
import { type Extractable, extract } from './extract.ts'

// Sent by extract-within.ts, which is in the same folder.
parentPort?.on('message', (what: Extractable) => parentPort?.postMessage(extract(what)))
parentPort?.postMessage('ready')
