/* Says in a sentence why a passkey was not used; the library only tells the console. */
const SENTENCES = {
  NotAllowedError: "No passkey was used: it was cancelled, took too long, or this device has none for this desk.",
  InvalidStateError: "This device holds a passkey for you already.",
  SecurityError: "Passkeys do not work at this address.",
};

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const trouble = document.getElementById("passkey-trouble");
  trouble.textContent = SENTENCES[event.detail.exception.name]
    || "The passkey did not work. Load this page again, or use another way.";
  trouble.hidden = false;
  trouble.scrollIntoView({ block: "nearest" });
});
