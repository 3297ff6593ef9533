// The thread in which a page is read: it answers once and ends.
import { parentPort, workerData } from 'node:worker_threads'
import { type Extractable, extract } from './extract.ts'

// Given by extract-within.ts, which is in the same folder.
parentPort?.postMessage(extract(workerData as Extractable))
