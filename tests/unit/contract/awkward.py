"""A document full of traps, and a way to load documents that a test writes out."""

from pathlib import Path
from typing import Final

from sandbox.contract.checking import Contract, ValidatorName

AWKWARD: Final = r"""
openapi: 3.0.3
info: {title: Awkward, version: "7"}
servers: [{url: "https://payments.example.com"}]
paths:
  /b/pay/:
    post:
      operationId: pay
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Pay ment"}
      responses: {"200": {description: fine}}
  /b/tree:
    post:
      operationId: pay
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Tree"}
      responses: {"200": {description: fine}}
components:
  schemas:
    Pay ment:
      type: object
      required: [amount, method, state]
      properties:
        amount: {type: string, format: decimal, pattern: '^-?\d{0,5}(?:\.\d{0,3})?$'}
        code: {type: string, pattern: '^[-\w]+$', maxLength: 8}
        color: {type: string, pattern: '^#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})$'}
        file: {type: string, pattern: '(?:pdf|png)$'}
        spaced: {type: string, pattern: '^\S+\s\S+$'}
        note: {type: string, nullable: true, minLength: 2}
        level: {type: integer, minimum: 0, exclusiveMinimum: true, maximum: 9}
        rate: {type: number, multipleOf: 0.1}
        grade: {type: string, enum: [a, b], nullable: true}
        region: {type: string, enum: [NO, SE]}
        day: {type: string, format: date, default: 5}
        when: {type: string, format: date-time}
        mail: {type: string, format: email}
        link: {type: string, format: uri, maxLength: 40}
        key: {type: string, format: uuid}
        wait: {type: string, format: duration}
        odd: {type: string, format: something-of-ours}
        mode: {$ref: "#/components/schemas/Mode"}
        seller:
          allOf: [{$ref: "#/components/schemas/Seller"}]
          nullable: true
        method:
          oneOf:
            - {$ref: "#/components/schemas/Card"}
            - {$ref: "#/components/schemas/Wallet"}
        either:
          oneOf: [{type: string, maxLength: 3}, {type: integer}, {type: "object", required: [x]}]
        number_or_integer: {oneOf: [{type: number}, {type: integer}]}
        tags:
          {type: array, items: {type: string, maxLength: 4}, minItems: 1, maxItems: 3, uniqueItems: true}
        rows:
          type: array
          items:
            type: object
            required: [id, made]
            properties:
              id: {type: integer}
              made: {type: string, readOnly: true}
              deep: {type: array, items: {type: array, items: {type: boolean}}}
        free: {type: object, additionalProperties: {}}
        prices: {type: object, additionalProperties: {type: string, format: decimal}}
        closed:
          type: object
          additionalProperties: false
          properties: {a: {type: string}, b: {type: string, readOnly: true}}
        state: {type: string, readOnly: true}
        secret: {type: string, writeOnly: true}
    Mode: {type: string, enum: [fast, slow]}
    Seller:
      type: object
      required: [name, id]
      properties: {name: {type: string}, id: {type: integer, readOnly: true}}
    Card:
      type: object
      required: [payload]
      properties:
        kind: {type: string, enum: [card]}
        payload: {type: object, required: [token], properties: {token: {type: string}}}
    Wallet:
      type: object
      required: [payload]
      properties:
        kind: {type: string, enum: [wallet]}
        payload:
          type: object
          required: [code]
          properties: {code: {type: string}, size: {type: integer}}
    Tree:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 5}
        child: {$ref: "#/components/schemas/Tree"}
        children: {type: array, items: {$ref: "#/components/schemas/Tree"}}
"""


def write(folder: Path, text: str, name: str = "document.yaml") -> Path:
    """Write a document into a folder and return its file."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def contract(
    folder: Path, text: str = AWKWARD, *, validator: ValidatorName = "compiled"
) -> Contract:
    """Load a document that stands in a test."""
    return Contract.load(write(folder, text), validator=validator)
