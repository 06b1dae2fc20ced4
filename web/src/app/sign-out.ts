import { createContext, use } from 'react';

const SignOutContext = createContext<() => void>(() => undefined);

export const SignOutProvider = SignOutContext.Provider;

/** Ends the session here and at the login. */
export const useSignOut = () => use(SignOutContext);
