create table parcel (
    id bigint primary key generated always as identity,
    tracking_number varchar(32) not null unique,
    delivered boolean not null default false
);
