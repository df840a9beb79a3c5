// Setting up one-time codes: secret → first code → recovery codes.
import { shallowRef } from 'vue';

import { api } from '../shared/api';
import { useForm } from '../shared/form';

export interface TotpSecret {
  secret: string;
  /** otpauth://… */
  uri: string;
  /** Path of the dark modules. */
  qr: string;
}

export function useTotp() {
  const secret = shallowRef<TotpSecret>();
  const codes = shallowRef<string[]>();
  const begin = useForm({}, async () => {
    secret.value = await api<TotpSecret>('POST', '/api/me/totp', {});
    return true;
  });
  const confirm = useForm({ code: '' }, async (v) => {
    const reply = await api<{ recovery_codes: string[] }>('POST', '/api/me/totp/confirm', { code: v.code.replace(/\s/g, '') });
    codes.value = reply.recovery_codes;
    return true;
  });
  return { begin, secret, confirm, codes };
}
