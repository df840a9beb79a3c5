// The cryptography of the exam client. Keys are non-extractable CryptoKeys; in weak mode (SECURITY
// §4) they are bytes, and the functions of plain.ts do the work.
import { join, random, type Bytes } from './bytes';
import * as plain from './plain';

export type Key = CryptoKey | Bytes;

/** The device key: `sign` is missing in weak mode, where `pub` is a secret of its own. */
export interface Device {
  pub: Bytes;
  sign: CryptoKey | null;
}

const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export const hasSubtle = (): boolean => typeof crypto !== 'undefined' && typeof crypto.subtle === 'object';

export async function sha256(data: Bytes): Promise<Bytes> {
  return hasSubtle() ? new Uint8Array(await crypto.subtle.digest('SHA-256', data)) : plain.sha256(data);
}

export async function makeDevice(weak: boolean): Promise<Device> {
  if (weak) return { pub: join(Uint8Array.of(4), random(64)), sign: null };
  const pair = await crypto.subtle.generateKey(EC, false, ['sign', 'verify']);
  return { pub: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)), sign: pair.privateKey };
}

/** r ‖ s, 64 bytes; undefined in weak mode. */
export async function sign(device: Device, data: Bytes): Promise<Bytes | undefined> {
  if (!device.sign) return undefined;
  return new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, device.sign, data));
}

export async function importMac(raw: Bytes, weak: boolean): Promise<Key> {
  return weak ? raw : crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

export async function importAes(raw: Bytes, weak: boolean): Promise<Key> {
  return weak ? raw : crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

export async function hmac(key: Key, data: Bytes): Promise<Bytes> {
  return key instanceof Uint8Array ? plain.hmac(key, data) : new Uint8Array(await crypto.subtle.sign('HMAC', key, data));
}

/** Ciphertext ‖ tag(16). */
export async function aesSeal(key: Key, nonce: Bytes, ad: Bytes, data: Bytes): Promise<Bytes> {
  if (key instanceof Uint8Array) return plain.aesSeal(key, nonce, ad, data);
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: ad }, key, data));
}

export async function aesOpen(key: Key, nonce: Bytes, ad: Bytes, data: Bytes): Promise<Bytes> {
  if (key instanceof Uint8Array) return plain.aesOpen(key, nonce, ad, data);
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: ad }, key, data));
}
