require("express")().listen(9999);
