// Safe Exam Browser's JavaScript API: hashes over this page's address, for browsers that cannot add headers.
interface SebWindow {
  SafeExamBrowser?: { security?: { configKey?: string; browserExamKey?: string; updateKeys?: (done: () => void) => void } };
}

export const inSeb = (): boolean => !!(window as unknown as SebWindow).SafeExamBrowser;

export async function sebProof(): Promise<{ seb_url?: string; seb_config?: string; seb_browser?: string }> {
  const security = (window as unknown as SebWindow).SafeExamBrowser?.security;
  if (!security) return {};
  if (!security.configKey && security.updateKeys) await new Promise<void>((resolve) => security.updateKeys?.(resolve));
  if (!security.configKey) return {};
  const proof = { seb_url: location.href.replace(/#.*$/, ''), seb_config: security.configKey };
  return security.browserExamKey ? { ...proof, seb_browser: security.browserExamKey } : proof;
}
