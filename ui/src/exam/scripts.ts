// The two script addresses that this page ever makes (SECURITY §8.1); the policy knows no other.
export const SERVICE_WORKER = '/sit-worker.js';
export const RECORDER_WORKER = '/sit-recorder.js';

interface Policy {
  createScriptURL(url: string): string;
}
interface Policies {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy;
}

let policy: Policy | undefined;

export function scriptUrl(address: typeof SERVICE_WORKER | typeof RECORDER_WORKER): string {
  const policies = (window as unknown as { trustedTypes?: Policies }).trustedTypes;
  if (!policies) return address;
  policy ??= policies.createPolicy('heng', {
    createScriptURL: (url) => {
      if (url !== SERVICE_WORKER && url !== RECORDER_WORKER) throw new TypeError('not our worker');
      return url;
    },
  });
  return policy.createScriptURL(address);
}
