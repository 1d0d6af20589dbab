// What the server puts before sw.js, and what is global in a service worker.
declare const NAME: string;
declare const VERSION: string;
declare const SHELL: string[];
declare const LATER: string[];
declare const MODULES: string;
declare const OWN: string;
declare const clients: Clients;
declare const registration: ServiceWorkerRegistration;
declare function skipWaiting(): Promise<void>;
declare var oninstall: (event: ExtendableEvent) => void;
declare var onactivate: (event: ExtendableEvent) => void;
declare var onfetch: (event: FetchEvent) => void;
declare var onsync: (event: ExtendableEvent & { tag: string }) => void;
