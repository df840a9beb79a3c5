// Accounts as the security administrator sees them, and which roles go together. Pure.
import type { Id, Ms } from '../shared/api';

export interface DeskAccount {
  id: Id;
  login: string;
  display_name: string;
  state: 'active' | 'disabled';
  roles: string[];
  partner: Id | null;
  person: Id | null;
  totp_enrolled: boolean;
  must_change_password: boolean;
  created_ms: Ms;
  last_sign_in_ms: Ms;
  version: number;
}

/** Roles a security administrator may give; candidates register themselves. */
export const ROLES = ['registrar', 'item_author', 'item_reviewer', 'marker', 'examiner', 'head_examiner', 'panel_member', 'invigilator', 'quality_supervisor', 'issuer', 'release_officer', 'system_admin', 'security_admin', 'audit_admin', 'partner'];

/** Each of these stands alone. */
export const ALONE = ['system_admin', 'security_admin', 'audit_admin', 'partner', 'candidate'];

/** Choosing one that stands alone lets go of the others, and the other way round. */
export function choose(roles: string[], role: string): string[] {
  if (roles.includes(role)) return roles.filter((r) => r !== role);
  return ALONE.includes(role) ? [role] : [...roles.filter((r) => !ALONE.includes(r)), role];
}

/** Roles for whom qualifications and recusals matter. */
export const STAFF_ROLES = ['examiner', 'head_examiner', 'panel_member', 'marker', 'invigilator', 'quality_supervisor'];
