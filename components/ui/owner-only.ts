/** Why a button that is the owner's does nothing for others. */
export const OWNER_ONLY = 'Only an owner of the team may do that.';
