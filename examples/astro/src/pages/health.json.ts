// Made once, when the site is built: nobody can ask a running server for it.
export const GET = () => Response.json({ built: true });
