-- +goose Up
CREATE TABLE recipes (id bigserial PRIMARY KEY, title text NOT NULL);

-- +goose Down
DROP TABLE recipes;
