import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Pair, Sealed } from './crypto'

/** What is to become of a record, as far as it is known here. */
export type Fate = 'note' | 'waiting' | 'taken' | 'recorded' | 'known' | 'problem'

/** A record that was written here. What it says is sealed; when and whose it is, is not. */
export interface Row {
  id: string
  account: string
  at: number
  fate: Fate
  sealed: Sealed
  answer?: Sealed
}

interface Schema extends DBSchema {
  /** Keys that no script can read out, while somebody is signed in. */
  keys: { key: 'open'; value: { account: string; day: CryptoKey; own: CryptoKey; touched: number; idle: number } }
  accounts: { key: string; value: Pair }
  /** What was fetched, and drafts: under the day key. */
  kept: { key: string; value: Sealed }
  outbox: { key: string; value: Row }
  /** Photos of records that wait, by the id of their row: sealed to the same account. */
  files: { key: string; value: Sealed }
}

let opened: Promise<IDBPDatabase<Schema>> | undefined

/** The database of the device; its name says nothing about the work. */
export function db(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>('workbench', 2, {
    upgrade(d, was) {
      if (was < 2) d.createObjectStore('files')
      if (was > 0) return
      d.createObjectStore('keys')
      d.createObjectStore('accounts', { keyPath: 'account' })
      d.createObjectStore('kept')
      d.createObjectStore('outbox', { keyPath: 'id' })
    },
  })
  return opened
}
