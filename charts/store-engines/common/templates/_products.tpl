{{/* The five products that every new shop starts with; prices in US dollars. */}}
{{- define "common.products" -}}
[
  {"sku": "TSHIRT-1", "name": "Premium T-Shirt", "price": "25", "description": "Soft combed cotton, regular fit."},
  {"sku": "HEADPHONES-1", "name": "Wireless Headphones", "price": "199", "description": "Over-ear, thirty hours of battery."},
  {"sku": "MUG-1", "name": "Ceramic Coffee Mug", "price": "15", "description": "Stoneware, 350 ml."},
  {"sku": "MAT-1", "name": "Eco-Friendly Yoga Mat", "price": "30", "description": "Natural rubber, 4 mm."},
  {"sku": "SHOES-1", "name": "Running Shoes", "price": "85", "description": "Light, with a cushioned sole."}
]
{{- end }}
