CREATE TABLE entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account text NOT NULL,
    cents bigint NOT NULL,
    currency char(3) NOT NULL
);
