/** How a card's id is written: 4 to 10 bytes in upper-case hex. Apart from the schemas: the reader host has no room for them. */
export const CARD_ID_SHAPE = /^([0-9A-F]{2}){4,10}$/;
