/** What whoever fails to log in too often is told, through each door. */
export const TOO_MANY_LOGINS = 'Too many logins from your address have failed: try again in a minute.';
