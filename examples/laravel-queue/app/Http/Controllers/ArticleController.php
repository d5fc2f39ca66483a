<?php

namespace App\Http\Controllers;

use Illuminate\Http\JsonResponse;

class ArticleController
{
    public function index(): JsonResponse
    {
        return response()->json([]);
    }

    public function status(string $article): JsonResponse
    {
        return response()->json(['article' => $article, 'status' => 'draft']);
    }
}
