const open = new Date().getDay() !== 1;
document.getElementById("today").textContent = open ? "Fresh bread today." : "Closed today.";
