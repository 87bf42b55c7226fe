// What lies on the device is sealed by the browser's own cryptography. Two kinds of keys:
// a day key, which no script can read out, for what was fetched; and a pair of keys per account
// for what was written here: anybody may seal to it, only the password of the account opens it.

export interface Sealed {
  iv: Uint8Array
  data: ArrayBuffer
  /** Of what is sealed to an account: the other half of the key, made for this one thing. */
  eph?: ArrayBuffer
}

/** The keys of an account as they lie on the device: the private one only under the password. */
export interface Pair {
  account: string
  pub: ArrayBuffer
  salt: Uint8Array
  iv: Uint8Array
  wrapped: ArrayBuffer
}

const curve = { name: 'ECDH', namedCurve: 'P-256' }
const aes = { name: 'AES-GCM', length: 256 }
const rounds = 600_000

const random = (n: number) => crypto.getRandomValues(new Uint8Array(n))
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const value = <T>(data: ArrayBuffer) => JSON.parse(new TextDecoder().decode(data)) as T

/** Whether this browser can seal anything; without HTTPS none can. */
export const canSeal = typeof crypto !== 'undefined' && crypto.subtle !== undefined && typeof indexedDB !== 'undefined'

export function newDayKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey(aes, false, ['encrypt', 'decrypt'])
}

async function sealBytes(key: CryptoKey, what: BufferSource): Promise<Sealed> {
  const iv = random(12)
  return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, what) }
}

function unsealBytes(key: CryptoKey, s: Sealed): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: 'AES-GCM', iv: s.iv as BufferSource }, key, s.data)
}

export function seal(key: CryptoKey, what: unknown): Promise<Sealed> {
  return sealBytes(key, bytes(what))
}

export async function unseal<T>(key: CryptoKey, s: Sealed): Promise<T> {
  return value<T>(await unsealBytes(key, s))
}

async function fromSecret(secret: string, salt: Uint8Array): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), 'PBKDF2', false, ['deriveKey'])
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt: salt as BufferSource, iterations: rounds }, base, aes, false, ['wrapKey', 'unwrapKey'])
}

/** A new pair for an account; its private key can be had by the secret alone. */
export async function newPair(account: string, secret: string): Promise<Pair> {
  const keys = await crypto.subtle.generateKey(curve, true, ['deriveBits'])
  return { account, pub: await crypto.subtle.exportKey('raw', keys.publicKey), ...(await wrap(keys.privateKey, secret)) }
}

async function wrap(key: CryptoKey, secret: string): Promise<Pick<Pair, 'salt' | 'iv' | 'wrapped'>> {
  const salt = random(16)
  const iv = random(12)
  return { salt, iv, wrapped: await crypto.subtle.wrapKey('pkcs8', key, await fromSecret(secret, salt), { name: 'AES-GCM', iv }) }
}

/** The private key of an account; it fails where the secret is another one. */
export async function privateKey(pair: Pair, secret: string, extractable = false): Promise<CryptoKey> {
  return crypto.subtle.unwrapKey('pkcs8', pair.wrapped, await fromSecret(secret, pair.salt), { name: 'AES-GCM', iv: pair.iv as BufferSource }, curve, extractable, ['deriveBits'])
}

/** The same pair under another secret. */
export async function rewrapped(pair: Pair, old: string, fresh: string): Promise<Pair> {
  return { ...pair, ...(await wrap(await privateKey(pair, old, true), fresh)) }
}

async function shared(pub: CryptoKey, priv: CryptoKey, salt: ArrayBuffer, use: KeyUsage): Promise<CryptoKey> {
  const bits = await crypto.subtle.deriveBits({ name: 'ECDH', public: pub }, priv, 256)
  const base = await crypto.subtle.importKey('raw', bits, 'HKDF', false, ['deriveKey'])
  return crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt, info: new Uint8Array() }, base, aes, false, [use])
}

const readPub = (raw: ArrayBuffer) => crypto.subtle.importKey('raw', raw, curve, true, [])

/** Seals to an account, which need not be signed in. */
export function sealTo(pair: Pair, what: unknown): Promise<Sealed> {
  return sealBytesTo(pair, bytes(what))
}

/** Seals a file, such as a photo, to an account. */
export async function sealBytesTo(pair: Pair, what: BufferSource): Promise<Sealed> {
  const once = await crypto.subtle.generateKey(curve, false, ['deriveBits'])
  const eph = await crypto.subtle.exportKey('raw', once.publicKey)
  return { eph, ...(await sealBytes(await shared(await readPub(pair.pub), once.privateKey, eph, 'encrypt'), what)) }
}

export async function unsealWith<T>(priv: CryptoKey, s: Sealed): Promise<T> {
  return value<T>(await unsealBytesWith(priv, s))
}

export async function unsealBytesWith(priv: CryptoKey, s: Sealed): Promise<ArrayBuffer> {
  if (!s.eph) throw new Error('sealed to nobody')
  return unsealBytes(await shared(await readPub(s.eph), priv, s.eph, 'decrypt'), s)
}
