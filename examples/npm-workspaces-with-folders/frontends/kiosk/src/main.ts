import { check } from "@lockers/codes";

const code = new URLSearchParams(location.search).get("code") ?? "";
document.body.textContent = check(code) ? "Open" : `Ask ${import.meta.env.VITE_HELP_LINE}`;
