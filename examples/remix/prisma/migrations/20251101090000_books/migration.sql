CREATE TABLE `Book` (
    `isbn` VARCHAR(191) NOT NULL,
    `title` VARCHAR(191) NOT NULL,
    `lent` BOOLEAN NOT NULL DEFAULT false,
    PRIMARY KEY (`isbn`)
);
